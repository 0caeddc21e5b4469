// Counts, sizes and times as the console shows them too (client: Quantities). Unknown is an en dash.

export const unknown = '–';

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const clockFormat = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const dayFormat = new Intl.DateTimeFormat(undefined, { year: 'numeric', month: 'short', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

const isKnown = (value) => typeof value === 'number' && Number.isFinite(value);

/** 12,345 */
export const count = (value) => isKnown(value) ? whole.format(value) : unknown;

/** Three digits: 999, 12.3 k, 4.56 M. */
export function compact(value) {
    return isKnown(value) ? scaled(value, ['', 'k', 'M', 'G', 'T']) : unknown;
}

/** Decimal units, three digits: 512 B, 38.2 kB, 125 MB. */
export function bytes(value) {
    return isKnown(value) ? scaled(value, ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB']) : unknown;
}

function scaled(value, units) {
    let unit = 0;
    while (Math.abs(value) >= 999.5 && unit < units.length - 1) {
        value /= 1000;
        unit++;
    }

    const digits = unit === 0 || Math.abs(value) >= 99.95 ? 0 : Math.abs(value) >= 9.995 ? 1 : 2;
    return units[unit] === '' ? value.toFixed(0) : `${value.toFixed(digits)} ${units[unit]}`;
}

/** A rate without its unit: 0, 0.04, 3.2, 41, 2,510. */
export function rate(value) {
    if (!isKnown(value)) {
        return unknown;
    }

    return value === 0 ? '0' : value < 0.095 ? value.toFixed(2) : value < 9.95 ? value.toFixed(1) : whole.format(value);
}

export const percent = (share, digits = 0) => isKnown(share) ? `${(share * 100).toFixed(digits)} %` : unknown;

/** Two units at most: 850 ms, 12 s, 3 min 20 s, 5 h 2 min, 3 d 4 h. */
export function duration(seconds) {
    if (!isKnown(seconds)) {
        return unknown;
    }

    if (seconds < 1) {
        return `${Math.round(Math.max(0, seconds) * 1000)} ms`;
    }

    const s = Math.floor(seconds);
    return s < 10 ? `${seconds.toFixed(1)} s`
        : s < 60 ? `${s} s`
        : s < 3600 ? `${Math.floor(s / 60)} min ${s % 60} s`
        : s < 86400 ? `${Math.floor(s / 3600)} h ${Math.floor(s / 60) % 60} min`
        : `${Math.floor(s / 86400)} d ${Math.floor(s / 3600) % 24} h`;
}

/** One unit: 40 s, 12 min, 1.7 h, 2.1 d. */
export function span(seconds) {
    return !isKnown(seconds) ? unknown
        : seconds < 90 ? `${Math.round(Math.max(0, seconds))} s`
        : seconds < 5400 ? `${Math.round(seconds / 60)} min`
        : seconds < 2 * 86400 ? `${(seconds / 3600).toFixed(1)} h`
        : `${(seconds / 86400).toFixed(1)} d`;
}

/** What counts down or up by whole seconds. */
export const countdown = (seconds) => duration(Math.max(0, Math.ceil(seconds))).replace('.0 s', ' s').replace('0 ms', '0 s');

const asDate = (time) => time === null || time === undefined ? null : new Date(time);

/** 14:03:22, of today; with the day otherwise. */
export function time(value, now = Date.now()) {
    const date = asDate(value);
    return date === null ? unknown : Math.abs(now - date.getTime()) < 12 * 3600e3 ? clockFormat.format(date) : dayFormat.format(date);
}

export const clock = (value) => clockFormat.format(asDate(value));

/** For titles: exact, in UTC. */
export const exact = (value) => value === null || value === undefined ? '' : new Date(value).toISOString().replace('T', ' ').replace(/\.\d+Z$/, ' UTC');

export const secondsUntil = (value, now) => value === null || value === undefined ? null : (new Date(value).getTime() - now) / 1000;

export const plural = (number, one, many = one + 's') => `${count(number)} ${number === 1 ? one : many}`;
