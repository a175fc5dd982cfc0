import { type Fault, pathText, type Segments } from "../schema/index.ts";

/** The environment that `${NAME}` is taken from. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What became of a config. */
export interface Substituted {
  readonly config: unknown;
  readonly faults: readonly Fault[];
  /** Text as written, by the path of each string that held a `${…}`. What was put in may be secret, so this is shown. */
  readonly written: ReadonlyMap<string, string>;
}

const REFERENCE = /\$\$\{|\$\{([^}]*)(\}?)/g;
const PARTS = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s;

/**
 * Replaces `${NAME}` and `${NAME:-default}` in every string. The default also stands for an empty variable. `$${` is a
 * plain `${`. The results stay strings.
 */
export function substitute(config: unknown, environment: Environment): Substituted {
  const faults: Fault[] = [];
  const written = new Map<string, string>();

  const inText = (text: string, segments: Segments): string => {
    const result = text.replace(REFERENCE, (match, inside: string | undefined, end: string) => {
      if (inside === undefined) return "${";
      const [, name, fallback] = (end === "}" && PARTS.exec(inside)) || [];
      if (name === undefined) {
        faults.push(
          fault(segments, `"${match}" is no reference to a variable`, `Write \${NAME} or \${NAME:-default}.`),
        );
        return match;
      }
      const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
      if (value || (value === "" && fallback === undefined)) return value;
      if (fallback !== undefined) return fallback;
      const hint = `Set it, or write a default: \${${name}:-default}.`;
      faults.push(fault(segments, `the environment variable ${name} is not set`, hint));
      return match;
    });
    if (result !== text) written.set(pathText(segments), text);
    return result;
  };

  const within = (value: unknown, segments: Segments): unknown => {
    if (typeof value === "string") return inText(value, segments);
    if (Array.isArray(value)) return value.map((item, index) => within(item, [...segments, index]));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, within(item, [...segments, key])]));
  };

  return { config: within(config, []), faults, written };
}

function fault(segments: Segments, message: string, hint: string): Fault {
  return { segments, at: "value", issue: { path: pathText(segments), message, hint } };
}
