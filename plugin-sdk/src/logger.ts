/** The part of pino's logger that plugins use: fields first, then the text. */
export interface Logger {
  debug(fields: object, text?: string): void;
  debug(text: string): void;
  info(fields: object, text?: string): void;
  info(text: string): void;
  warn(fields: object, text?: string): void;
  warn(text: string): void;
  error(fields: object, text?: string): void;
  error(text: string): void;
}
