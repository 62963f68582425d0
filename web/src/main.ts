import "./ahead";
import { mount } from "svelte";
import App from "./App.svelte";
import { router } from "./lib/router.svelte";
import { app } from "./state/app.svelte";
import "./styles/index.css";

router.start();
void app.start();
mount(App, { target: document.getElementById("app")! });
// What it does beyond its own window, the page need not begin with.
void import("./notify/notifier.svelte").then(({ notifier }) => notifier.start());
