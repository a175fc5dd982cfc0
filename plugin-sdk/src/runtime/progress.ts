/** How far a `prepare` has come. */
export interface Progress {
  /** What is being done, in a few words, e.g. `downloading` or `unpacking`. */
  readonly step: string;
  /** Bytes done and bytes in all, when known. */
  readonly done?: number;
  readonly total?: number;
}

/** Takes progress reports; cheap to call often. */
export type ReportProgress = (progress: Progress) => void;
