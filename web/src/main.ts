import { mount } from 'svelte'
import App from './App.svelte'
import './app.css'
import { start } from './lib/router.svelte'
import { look, wear } from './lib/studio.svelte'

wear(look.chosen)
start()
mount(App, { target: document.getElementById('app')! })
