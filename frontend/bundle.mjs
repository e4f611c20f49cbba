// Bundles js/app.js into the file named on the command line. Asked through esbuild's API, because its command is a
// script or a program depending on whether its install script was allowed to run.
import { build } from "esbuild";

await build({
  entryPoints: ["js/app.js"], outfile: process.argv[2], bundle: true, minify: true,
  format: "iife", target: "es2022", legalComments: "none", logLevel: "warning",
});
