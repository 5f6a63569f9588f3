export { integrityAttention } from './attention.ts';
export { integrityJobs, witnessFrom } from './jobs.ts';
export { integrityRoutes } from './routes.ts';
