import { z } from 'zod';
import { rule } from './validate';

/**
 * End of the name of a file that may lie beside a secret's and says since when its value is in use, e.g.
 * `openai-api-key.issued`. The age of the secret's own file says little: each new pod writes it anew.
 */
export const issuedSuffix = '.issued';

/** A secret is named in the configuration by its file, and never written there. */
export const secretFile = z
  .string()
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,245}$/, 'must be a plain file name, relative to the secrets folder')
  .refine(
    (name) => !name.endsWith(issuedSuffix),
    rule(
      `must not end with ${issuedSuffix}: such a file says since when the secret beside it is in use`,
      'choose another name',
    ),
  )
  .describe('Name of a file in the secrets folder. It is read again when it changes.');

/** Authorities of a server that no public one has signed. */
export const caFile = secretFile
  .optional()
  .describe(
    'File in the secrets folder with the authorities, in PEM, that are trusted in place of the public ones. Needs TLS.',
  );
