import { z } from 'zod';

/** A secret is named in the configuration by its file, and never written there. */
export const secretFile = z
  .string()
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,252}$/, 'must be a plain file name, relative to the secrets folder')
  .describe('Name of a file in the secrets folder. It is read again when it changes.');
