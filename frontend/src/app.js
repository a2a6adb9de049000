// Small behaviours on pages that work without them.
import { watchCharts } from "./lazy.js";
import { watchForms } from "./forms.js";
import { watchHtmx } from "./htmx.js";
import { watchMenus } from "./menus.js";
import { watchPasskeys } from "./passkeys.js";
import { watchTables } from "./tables.js";
import { watchTablet } from "./tablet.js";
import { watchTerms } from "./terms.js";
import { watchTheme } from "./theme.js";

function enhance(root) {
  watchCharts(root);
  watchForms(root);
  watchPasskeys(root);
  watchTables(root);
}

watchTheme();
watchTablet();
watchMenus();
watchTerms();
watchHtmx(enhance);
enhance(document);
