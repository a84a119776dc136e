import { mount } from 'svelte'
import App from './App.svelte'
import './app.css'
import { start } from './lib/router.svelte'
import { look, wear } from './lib/studio.svelte'
import { ready } from './lib/words.svelte'

wear(look.chosen)
start()
void ready().then(() => mount(App, { target: document.getElementById('app')! }))
