/** The words of all findings: the one source for `check`, `explain`, the report and the documentation. */
export { type TlsAlert, tlsAlert, tlsAlerts } from './alerts/index.js';
export { type ReturnCode, returnCode, returnCodes } from './connack.js';
export { diagnosisCatalogue, diagnosisEntry, isDiagnosisCode } from './diagnoses/index.js';
export type { Entry } from './entry.js';
export { type ReasonCode, reasonCode, reasonCodes } from './reason-codes/index.js';
export { everything, explain, type Explained, type ExplainedKind, type Explanation } from './explain.js';
export { catalogueMarkdown } from './markdown.js';
export { type KnownMessage, knownMessages } from './messages/index.js';
export { isOperationCode, operationCatalogue } from './operations.js';
