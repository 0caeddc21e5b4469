// The fifteen outcomes in five groups, in the order in which they are drawn.

export const groups = [
    { key: 'stored', label: 'Stored', about: 'new or changed, and stored', outcomes: ['new', 'updated'] },
    { key: 'same', label: 'Unchanged', about: 'nothing to store', outcomes: ['unchanged', 'empty'] },
    { key: 'absent', label: 'Not there', about: 'moved, gone or not for us', outcomes: ['moved', 'gone', 'refused'] },
    { key: 'later', label: 'Later', about: 'throttled, unreachable or timed out: tried again', outcomes: ['throttled', 'unreachable', 'timed-out'] },
    { key: 'wrong', label: 'Failed', about: 'cannot be right, or our own failure', outcomes: ['corrupt', 'over-limit', 'unsupported', 'failed', 'partial'] },
];

export const names = groups.flatMap((group) => group.outcomes);

const byOutcome = new Map(groups.flatMap((group) => group.outcomes.map((outcome) => [outcome, group])));

/** The group of an outcome; one that this page does not know yet counts as failed. */
export const groupOf = (outcome) => byOutcome.get(outcome) ?? groups[groups.length - 1];

/** Counts by group, in the order of the groups. */
export function sums(outcomes) {
    const totals = groups.map(() => 0);
    for (const [outcome, number] of Object.entries(outcomes ?? {})) {
        totals[groups.indexOf(groupOf(outcome))] += number;
    }

    return totals;
}

export const total = (outcomes) => Object.values(outcomes ?? {}).reduce((sum, number) => sum + number, 0);
