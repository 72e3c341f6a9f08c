import { useId } from "react";

interface Props {
  readonly isKept: boolean;
  readonly onChange: (isKept: boolean) => void;
}

export function KeepSignedIn({ isKept, onChange }: Props) {
  const id = useId();
  return (
    <div className="sign-in-keep">
      <input
        id={id}
        type="checkbox"
        checked={isKept}
        aria-describedby={`${id}-hint`}
        onChange={(event) => onChange(event.target.checked)}
      />
      <label htmlFor={id}>Keep me signed in on this computer</label>
      <p id={`${id}-hint`} className="muted small">
        Only where nobody else uses it. Without, closing the browser signs you out.
      </p>
    </div>
  );
}
