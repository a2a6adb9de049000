"""Settings, urls, api, wsgi: wires everything, decides nothing."""
