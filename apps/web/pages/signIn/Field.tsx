import { type HTMLInputTypeAttribute, useId } from "react";

interface Props {
  readonly label: string;
  readonly name: string;
  readonly type: HTMLInputTypeAttribute;
  /** What browsers and password managers may fill in. */
  readonly autoComplete: string;
  readonly hint?: string;
  readonly defaultValue?: string;
  readonly minLength?: number;
}

/** Something that has to be filled in. */
export function Field({ label, hint, ...input }: Props) {
  const id = useId();
  return (
    <div className="sign-in-field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        required
        spellCheck={false}
        autoCapitalize="none"
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        {...input}
      />
      {hint === undefined ? null : (
        <p id={`${id}-hint`} className="muted small">
          {hint}
        </p>
      )}
    </div>
  );
}
