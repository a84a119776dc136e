"""The server: what other programs and the page speak to. FastAPI on uvicorn, extra ``[studio]``.

| module | what it does |
|---|---|
| app | puts it together: routes, errors, headers |
| access | who may come in: key, Host and Origin, size of a body |
| pool | the engines, each on a thread of its own, one request at a time |
| native | /api: forms, jobs and their events, works |
| worker | the thread that carries out jobs |
| openai | /v1: the routes of OpenAI's API that programs expect |
| request | their bodies, and what they become for an engine |
"""
