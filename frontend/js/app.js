// Everything the pages do beyond plain HTML. Each module looks for its own data-attributes and can be read alone.
import htmx from "htmx.org/dist/htmx.esm.js";
import { bulk } from "./bulk.js";
import { composer } from "./composer.js";
import { desk } from "./desk.js";
import { dialogs } from "./dialogs.js";
import { folds } from "./folds.js";
import { guardIme } from "./ime.js";
import { keys } from "./keys.js";
import { live } from "./live.js";
import { mailFrames } from "./mailframe.js";
import { steps } from "./steps.js";
import { theme } from "./theme.js";
import { times } from "./times.js";
import { toasts } from "./toast.js";
import { requests } from "./requests.js";

htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0;
htmx.config.scrollBehavior = "auto";
window.htmx = htmx;

guardIme();
requests(htmx);
theme();
times();
desk(htmx);
folds();
dialogs();
toasts(htmx);
steps();
bulk();
composer();
mailFrames();
keys(htmx);
live(htmx);
