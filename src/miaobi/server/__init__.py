"""The server: what other programs and the page speak to. FastAPI on uvicorn, extra ``[studio]``.

| module | what it does |
|---|---|
| app | puts it together: routes, errors, headers |
| access | who may come in: key, Host and Origin, size of a body |
| pool | the engines, each on a thread of its own, one request at a time |
| native | /api: forms, jobs and their events, works |
| works | /api/works and /api/boards beyond looking: files on demand, versions, variations, boards |
| worlds | /api/worlds: bibles and the works that share them, made as one job |
| sweeps | /api/sweeps: one brief over several values |
| recognising | /api/recognise: what a file says of itself |
| assistance | /api/assist: help with a person's own text |
| session, page | the studio's page, and the door to it |
| artifact | the cage in which a work that is a web page is shown |
| worker | the thread that carries out jobs |
| openai | /v1: the routes of OpenAI's API that programs expect |
| request | their bodies, and what they become for an engine |
"""
