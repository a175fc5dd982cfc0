/** What a change of a deployment comes to, as it is also given to those who repeat the request. */
export type DeploymentChanged = {
  readonly deploymentId: string;
  /** Number of the version that is to run. */
  readonly version: number;
  /** `false`: it was already so. */
  readonly changed: boolean;
  readonly warnings: readonly string[];
};
