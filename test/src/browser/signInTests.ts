import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startMigratedCluster } from "@quire/store/testing";
import type { Browser } from "playwright-core";
import { StartedService } from "../startedService.ts";
import { AuthStandIn } from "../supabase/auth.ts";
import { StorageService } from "../supabase/storage/storageService.ts";
import { startSupabase } from "../supabase/supabase.ts";
import { launchChromium } from "./chromium.ts";
import { Visitor } from "./visitor.ts";

/** What a test has to work with: a service that people sign in to, where they do so, and a first visitor. */
export interface SignInStage extends ProjectServices {
  readonly service: StartedService;
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

/**
 * Starts a project to sign in to, a service and a Chromium for the tests of a file.
 *
 * @param uploads where the pages send files
 */
export function signInTests(uploads: "api" | "supabase" = "api"): SignInTest {
  let browser: Browser | null = null;
  let service: StartedService | null = null;
  let supabase: StartedProject | null = null;

  before(async () => {
    browser = await launchChromium();
    if (browser === null) return;
    supabase = await startProject(uploads);
    service = await StartedService.start(supabase.env);
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
        visitor.allow((supabase as StartedProject).url);
        visitors.push(visitor);
        return visitor;
      };
      const visitor = await arrive();
      try {
        await act({ service, ...supabase.services, visitor, arrive });
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

/** What a project has: Auth, and where files are sent straight to it, Storage. */
export interface ProjectServices {
  readonly auth: AuthStandIn;
  readonly storage: StorageService | null;
}

interface StartedProject {
  readonly services: ProjectServices;
  readonly url: string;
  /** Settings of a service that stands on it. */
  readonly env: Record<string, string>;
  close(): Promise<void>;
}

/** A project with two people who have an account there. */
async function startProject(uploads: "api" | "supabase"): Promise<StartedProject> {
  // Storage asks the policies of the database that the service itself is on, as at Supabase.
  const cluster = uploads === "supabase" ? await startMigratedCluster() : null;
  let auth: AuthStandIn | null = null;
  const project = await startSupabase({
    databaseUrl: cluster === null ? "" : await cluster.createDatabase(),
    verify: async (token) => (await auth?.claimsOf(token)) ?? null,
    services: async (started) => {
      auth = await AuthStandIn.open(started);
      for (const { email, password } of [ada, ben]) auth.accounts.add(email, password);
      return cluster === null ? { auth } : { auth, storage: new StorageService(started) };
    },
  });
  const { url, anonKey, serviceRoleKey, databaseUrl } = project;
  const withStorage = { SUPABASE_SERVICE_ROLE_KEY: serviceRoleKey, DATABASE_URL: databaseUrl };
  return {
    services: { auth: project.services.auth, storage: project.services.storage ?? null },
    url,
    env: {
      ...{ SUPABASE_URL: url, SUPABASE_ANON_KEY: anonKey },
      ...(cluster !== null && withStorage),
    },
    async close() {
      await project.close();
      await cluster?.stop();
    },
  };
}
