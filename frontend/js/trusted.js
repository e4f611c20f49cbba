// Where the browser has Trusted Types the pages' policy lets no string become a script or its address; strings of HTML
// come from our own server alone (htmx asks nobody else) and may carry no inline script, which the policy refuses, too.
if (window.trustedTypes) window.trustedTypes.createPolicy("default", { createHTML: (html) => html });
