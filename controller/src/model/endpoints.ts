/** Where an instance's services answer. */
export interface EndpointsRecord {
  readonly instanceId: string;
  readonly nodeId: string;
  readonly ip: string;
  readonly endpoints: readonly ServiceEndpoint[];
}

/** One of them. */
export interface ServiceEndpoint {
  readonly serviceName: string;
  readonly port: number;
  readonly protocol: string;
  readonly version: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly healthy: boolean;
}
