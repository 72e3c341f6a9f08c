import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { StartedService } from "../startedService.ts";
import { AuthStandIn } from "../supabase/auth.ts";
import { startSupabase } from "../supabase/supabase.ts";
import { launchChromium } from "./chromium.ts";
import { Visitor } from "./visitor.ts";

/** What a test has to work with: a service that people sign in to, where they do so, and a first visitor. */
export interface SignInStage {
  readonly service: StartedService;
  readonly auth: AuthStandIn;
  readonly visitor: Visitor;
  /** Somebody at another computer. */
  readonly arrive: () => Promise<Visitor>;
}

export type SignInTest = (name: string, act: (stage: SignInStage) => Promise<void>) => void;

export interface Person {
  readonly email: string;
  readonly password: string;
}

export const ada: Person = { email: "ada@clinic.example", password: "of-the-first-floor" };
export const ben: Person = { email: "ben@clinic.example", password: "of-the-second-floor" };

/** Starts a project to sign in to, a service and a Chromium for the tests of a file. */
export function signInTests(): SignInTest {
  let browser: Browser | null = null;
  let service: StartedService | null = null;
  let supabase: Awaited<ReturnType<typeof startAuth>> | null = null;

  before(async () => {
    browser = await launchChromium();
    if (browser === null) return;
    supabase = await startAuth();
    service = await StartedService.start({
      SUPABASE_URL: supabase.url,
      SUPABASE_ANON_KEY: supabase.anonKey,
    });
  });
  after(async () => {
    await browser?.close();
    await service?.remove();
    await supabase?.close();
  });

  return (name, act) => {
    test(name, async (context) => {
      if (browser === null || service === null || supabase === null) {
        context.skip("there is no browser");
        return;
      }
      const visitors: Visitor[] = [];
      const arrive = async () => {
        const visitor = await Visitor.arrive(browser as Browser, (service as StartedService).url);
        visitor.allow((supabase as NonNullable<typeof supabase>).url);
        visitors.push(visitor);
        return visitor;
      };
      const visitor = await arrive();
      try {
        await act({ service, auth: supabase.services.auth, visitor, arrive });
        assert.deepEqual(
          visitors.flatMap(({ complaints }) => complaints),
          [],
        );
      } catch (error) {
        for (const each of visitors) {
          context.diagnostic(`What was seen:\n${await each.sees().catch(String)}`);
          context.diagnostic(`Complaints:\n${each.complaints.join("\n")}`);
        }
        throw error;
      } finally {
        for (const each of visitors) await each.leave();
      }
    });
  };
}

/** A project with Auth alone, and two people who have an account there. */
function startAuth() {
  return startSupabase({
    databaseUrl: "",
    services: async (project) => {
      const auth = await AuthStandIn.open(project);
      for (const { email, password } of [ada, ben]) auth.accounts.add(email, password);
      return { auth };
    },
  });
}
