/** What sapcert fetches from the network for a bundle, only when it is told to. */
export { type CompletedInspection, completeInspection, type CompleteOptions } from './complete.js';
export { type FetchAttempt, type FetchedChain, fetchChain } from './fetch-chain.js';
