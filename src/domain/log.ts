/** Structured log. The message is constant, the data stands beside it; secrets are removed by the implementation. */
export interface Log {
  debug(message: string, data?: object): void;
  info(message: string, data?: object): void;
  warn(message: string, data?: object): void;
  error(message: string, data?: object): void;
  child(bindings: object): Log;
}
