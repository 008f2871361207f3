/** Runs inside a pod: sends the requests given as JSON, all at once, and prints the answers as JSON. */
interface Question {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

async function ask({ url, ...init }: Question): Promise<object> {
  const begun = performance.now();
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(20_000) });
    const chunks: string[] = [];
    let firstByteMs = 0;
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      if (chunks.length === 0) firstByteMs = performance.now() - begun;
      chunks.push(decoder.decode(chunk as Uint8Array, { stream: true }));
    }
    const totalMs = performance.now() - begun;
    return { status: response.status, body: chunks.join(''), chunks: chunks.length, firstByteMs, totalMs };
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    return { status: 0, body: String(cause), chunks: 0, firstByteMs: 0, totalMs: performance.now() - begun };
  }
}

const questions = JSON.parse(process.argv[1] ?? '[]') as Question[];
void Promise.all(questions.map(ask)).then((answers) => {
  process.stdout.write(JSON.stringify(answers));
});
