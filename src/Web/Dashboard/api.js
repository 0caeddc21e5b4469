// The API at this page's own address. A token is kept for this tab only (sessionStorage), and sent in a header: never in a URL.

const tokenKey = 'actors-token';
const answerMillisecondsMax = 30_000;

/** What the server refused, with its reason (RFC 9457), or why it could not be asked: status 0. */
export class ApiError extends Error {
    constructor(status, detail, problem = {}) {
        super(detail);
        Object.assign(this, { status, field: problem.field, retryAfter: problem.retryAfter });
    }
}

/** Fires 'token' when the server asks for one. */
export const access = new EventTarget();

let skewMilliseconds = 0;

/** The server's clock: times that it names are counted down by it. */
export const now = () => Date.now() + skewMilliseconds;

const stored = {
    get token() {
        try {
            return sessionStorage.getItem(tokenKey);
        } catch {
            return null;
        }
    },
};

export const hasToken = () => stored.token !== null;

export function keepToken(token) {
    sessionStorage.setItem(tokenKey, token);
}

export function forgetToken() {
    sessionStorage.removeItem(tokenKey);
}

async function send(method, path, { body, signal } = {}) {
    const headers = { Accept: 'application/json, application/x-ndjson, text/event-stream' };
    if (stored.token !== null) {
        headers.Authorization = `Bearer ${stored.token}`;
    }

    if (body !== undefined) {
        headers['Content-Type'] = 'application/json';
    }

    let answer;
    try {
        answer = await fetch(path, { method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body), cache: 'no-store', credentials: 'omit', redirect: 'error' });
    } catch (error) {
        throw signal?.aborted && signal.reason?.name !== 'TimeoutError' ? error : new ApiError(0, 'The server does not answer.');
    }

    const date = Date.parse(answer.headers.get('Date') ?? '');
    if (!Number.isNaN(date) && Math.abs(date - Date.now() - skewMilliseconds) > 1500) {
        // Its header has whole seconds, so smaller differences are none.
        skewMilliseconds = date - Date.now();
    }

    if (answer.ok) {
        return answer;
    }

    const problem = await answer.json().catch(() => ({}));
    const error = new ApiError(answer.status, problem.detail ?? `The server answers ${answer.status}.`, problem);
    if (answer.status === 401) {
        access.dispatchEvent(new CustomEvent('token', { detail: error.message }));
    }

    throw error;
}

/** One small exchange, JSON both ways. */
export async function call(method, path, body) {
    const answer = await send(method, path, { body, signal: AbortSignal.timeout(answerMillisecondsMax) });
    try {
        return await answer.json();
    } catch {
        throw new ApiError(0, 'The server broke off its answer.');
    }
}

/** The text of an answer, if it has no more than so many characters; else null. */
export async function textWithin(path, charactersMax) {
    const ends = new AbortController();
    const answer = await send('GET', path, { signal: ends.signal });
    let text = '';
    for await (const part of decoded(answer)) {
        text += part;
        if (text.length > charactersMax) {
            ends.abort();
            return null;
        }
    }

    return text;
}

async function* decoded(answer) {
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    try {
        while (true) {
            const { done, value } = await reader.read();
            if (done) {
                return;
            }

            yield value;
        }
    } catch (error) {
        throw error.name === 'AbortError' ? error : new ApiError(0, 'The server broke off its answer.');
    } finally {
        reader.cancel().catch(() => {});
    }
}

async function* linesOf(answer) {
    let rest = '';
    for await (const part of decoded(answer)) {
        const pieces = (rest + part).split('\n');
        rest = pieces.pop();
        yield pieces;
    }

    if (rest !== '') {
        yield [rest];
    }
}

/** Lines of JSON as they come, in arrays of those that came together; empty ones only show that the connection lives. */
export async function* jsonLines(path, signal) {
    for await (const lines of linesOf(await send('GET', path, { signal }))) {
        yield lines.filter((line) => line !== '').map((line) => JSON.parse(line));
    }
}

/**
 * Server-sent events (HTML standard, "Interpreting an event stream") over fetch: EventSource sends no token. Yields parsed data; the
 * server writes lines with LF and one line of data each.
 */
export async function* events(path, signal) {
    let data = null;
    for await (const lines of linesOf(await send('GET', path, { signal }))) {
        for (const line of lines) {
            if (line === '') {
                if (data !== null) {
                    yield JSON.parse(data);
                }

                data = null;
            } else if (line.startsWith('data:')) {
                data = (data === null ? '' : data + '\n') + line.slice(line[5] === ' ' ? 6 : 5);
            }
        }
    }
}
