"""The game: a kayak, a river, and a thin wire to whoever watches.

The rules (`world`, `river`, `journal`, `loop`) are pure and know neither pygame nor the network; the doors (`screen`,
`sound`, `pads`, `telemetry`, `follow`) know one library each. The game knows neither who judges it nor how.
"""
