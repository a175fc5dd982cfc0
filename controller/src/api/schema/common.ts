import { DurationSchema } from "@damson/plugin-sdk";
import { type Static, Type } from "typebox";

export const closed = { additionalProperties: false } as const;

/** Name of a node, as it is in paths of the API and keys of the store. */
export const NODE_ID_PATTERN = "^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$";
export const NodeId = Type.String({
  pattern: NODE_ID_PATTERN,
  description: "Letters, digits, '.', '_' and '-'; 1 to 63 characters.",
});

/** Id of a deployment: of 32 hexadecimal digits; its name is accepted wherever its id is. */
export const DeploymentRef = Type.String({
  pattern: "^[A-Za-z0-9]([A-Za-z0-9._-]{0,126}[A-Za-z0-9])?$",
  description: "Id of the deployment, or its name.",
});

export const InstanceId = Type.String({
  pattern: "^[A-Za-z0-9]([A-Za-z0-9._-]{0,78}[A-Za-z0-9])?$",
  description: "Id of an instance.",
});

export const Labels = Type.Record(Type.String({ pattern: "^.{1,128}$" }), Type.String({ maxLength: 1_024 }), {
  maxProperties: 64,
  additionalProperties: false,
  description: "At most 64; names of 1 to 128 characters, values of at most 1,024.",
});

/** What every change may be asked with. `Idempotency-Key` and `If-Match` are accepted as headers for the same. */
export const ChangeQuery = Type.Object(
  {
    operation_id: Type.Optional(
      Type.String({
        pattern: "^[!-~]{1,255}$",
        description: "Idempotency key: the same change again within 24 hours gets the first answer, and does nothing.",
      }),
    ),
    resource_version: Type.Optional(
      Type.Integer({ minimum: 0, description: "The change is made only if the object still has this version." }),
    ),
  },
  closed,
);
export type ChangeQuery = Static<typeof ChangeQuery>;

/** {@link ChangeQuery}, for changes that can be waited for. */
export const WaitedChangeQuery = Type.Object(
  {
    ...ChangeQuery.properties,
    wait: Type.Optional(Type.Enum(["running", "healthy"], { description: "Answer only when every instance is so." })),
    timeout: Type.Optional(DurationSchema({ description: "Longest wait. Default 60s." })),
  },
  closed,
);

export const ResourceVersion = Type.Integer({ description: "Rises with each change of the object." });

/** An answer without a body. */
export const NoContent = Type.Null({ description: "Done" });
