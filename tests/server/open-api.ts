import { z } from 'zod';

const document = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

/** Every `METHOD /path` in the server's OpenAPI document. */
export async function openApiPaths(origin: string): Promise<string[]> {
  const answer = await fetch(`${origin}/docs/json`);
  const { paths } = document.parse(await answer.json());
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
}
