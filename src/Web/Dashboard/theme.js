// Runs before the first paint, so that a chosen theme does not flash. Not a module: modules run later.
(() => {
    const key = 'actors-theme';
    const root = document.documentElement;
    let chosen = null;
    try {
        chosen = localStorage.getItem(key);
    } catch {
        // Storage may be forbidden: the system's choice holds.
    }

    if (chosen === 'light' || chosen === 'dark') {
        root.dataset.theme = chosen;
    }

    // Turned to the other of what is shown; back at the system's own choice nothing is kept.
    window.turnTheme = () => {
        const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
        const next = (root.dataset.theme ?? system) === 'dark' ? 'light' : 'dark';
        if (next === system) {
            delete root.dataset.theme;
        } else {
            root.dataset.theme = next;
        }

        try {
            if (next === system) {
                localStorage.removeItem(key);
            } else {
                localStorage.setItem(key, next);
            }
        } catch {
            // As above.
        }

        return next;
    };
})();
