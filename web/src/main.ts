import { mount } from "svelte";
import App from "./App.svelte";
import { router } from "./lib/router.svelte";
import { notifier } from "./notify/notifier.svelte";
import { app } from "./state/app.svelte";
import "./styles/index.css";

router.start();
notifier.start();
void app.start();
mount(App, { target: document.getElementById("app")! });
