// The map: outlines and ways on canvas by Leaflet, signs as buttons that the keyboard reaches. Nothing is fetched from elsewhere.
import { given, h, number, say } from '../chart/dom.js'

const content = given('map-content')
const words = given('map-words')
const figure = document.getElementById('map-figure')
const canvas = document.getElementById('map-canvas')
const chosen = document.getElementById('map-chosen')
const slider = /** @type {HTMLInputElement} */ (document.getElementById('map-until'))
const DAY = 86_400_000
const WEIGHT = { strong: '', good: '', weak: '9 5', open: '2 5' }

/** A colour of the page. @param {string} name */
const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim()
const day = text => text ? Date.parse((text + '-01-01').slice(0, 10)) : NaN
const label = mark => mark.label || mark.word

let latest = Infinity // what begins after this is not shown
let outlines = null

/** A ring without the leap from 180° east to 180° west, over which a line would be drawn through the whole world. */
function whole (ring) {
  let turn = 0
  const found = ring.map(([east, north], place) => {
    const step = place ? east - ring[place - 1][0] : 0
    if (Math.abs(step) > 180) turn -= Math.sign(step) * 360
    return [east + turn, north]
  })
  // Around a pole: closed along it.
  return turn ? [...found, [found[found.length - 1][0], -90], [found[0][0], -90], found[0]] : found
}

/** Polygons as they lie, and once more a turn of the world away where they reach beyond 180°. */
function seen (feature) {
  const { type, coordinates } = feature.geometry ?? {}
  const polygons = (type === 'Polygon' ? [coordinates] : coordinates ?? []).map(rings => rings.map(whole))
  const moved = polygons.flatMap(rings => {
    const east = rings[0].map(([one]) => one)
    const by = Math.max(...east) > 180 ? -360 : Math.min(...east) < -180 ? 360 : 0
    return by ? [rings.map(ring => ring.map(([one, north]) => [one + by, north]))] : []
  })
  return { ...feature, geometry: { type: 'MultiPolygon', coordinates: [...polygons, ...moved] } }
}

function shows (thing) { return !(day(thing.begin) > latest) }

function tell (...children) { chosen.replaceChildren(...children) }

function listed (marks) {
  const shown = marks.slice(0, 40)
  return h('ul', {}, ...shown.map(mark => h('li', {},
    h('a', { href: mark.address }, label(mark)), ' ',
    h('span', { class: 'small' }, [mark.word, mark.when, mark.grade, mark.codes, mark.exactness === 'country' ? words.country : ''].filter(Boolean).join(' · ')))),
  marks.length > shown.length ? h('li', {}, say(words.more, { n: number(marks.length - shown.length) })) : null)
}

function start () {
  const L = globalThis.L
  const topojson = globalThis.topojson
  if (!L || !topojson || !content) return
  canvas.hidden = false
  figure.hidden = true
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
  const map = L.map(canvas, {
    preferCanvas: true, attributionControl: false, minZoom: 1, maxZoom: 12, zoomAnimation: !calm, fadeAnimation: false,
    markerZoomAnimation: false, inertia: !calm, maxBounds: [[-85, -220], [85, 220]],
  })
  L.control.scale({ imperial: false }).addTo(map)
  const under = L.layerGroup().addTo(map)
  const ways = L.layerGroup().addTo(map)
  const signs = L.layerGroup().addTo(map)

  const points = [...content.marks.map(mark => mark.at), ...content.legs.flatMap(leg => [leg.from, leg.to])]
  if (points.length) map.fitBounds(L.latLngBounds(points).pad(0.15), { maxZoom: 7, animate: false })
  else map.setView([15, -25], 2)

  function land () {
    under.clearLayers()
    if (!outlines) return
    L.geoJSON(outlines, {
      interactive: false,
      style: { color: colour('--line-strong'), weight: 0.7, fillColor: colour('--map-land'), fillOpacity: 1 },
    }).addTo(under)
  }

  /** The points of a bow between two places. */
  function bow (from, to) {
    const [a, b] = [map.project(from, 4), map.project(to, 4)]
    const bend = L.point((a.x + b.x) / 2 - (b.y - a.y) * 0.16, (a.y + b.y) / 2 + (b.x - a.x) * 0.16)
    return Array.from({ length: 33 }, (_, step) => {
      const t = step / 32
      const one = a.multiplyBy((1 - t) ** 2).add(bend.multiplyBy(2 * t * (1 - t))).add(b.multiplyBy(t * t))
      return map.unproject(one, 4)
    })
  }

  function drawWays () {
    ways.clearLayers()
    const most = Math.max(3, ...content.legs.map(leg => leg.count))
    for (const leg of content.legs) {
      const moves = leg.moves.filter(shows)
      if (!moves.length) continue
      const count = leg.count > leg.moves.length ? leg.count : moves.length
      const said = say(words.leg, { from: leg.source, to: leg.target, n: number(count) })
      const path = bow(leg.from, leg.to)
      const weight = 1.8 + 4.4 * count / most
      const choose = () => tell(h('h2', {}, said), h('p', {}, leg.grade || words.not_known), h('ul', {}, ...moves.map(move =>
        h('li', {}, h('a', { href: move.address }, move.label || words.not_known), ' ', h('span', { class: 'small' }, [move.what, move.when].filter(Boolean).join(' · '))))))
      L.polyline(path, { color: colour('--sea'), weight, dashArray: WEIGHT[leg.firm] || null, lineCap: 'butt' })
        .bindTooltip(said, { sticky: true }).on('click', choose).addTo(ways)
      // The arrow stands in the middle of the bow, of one size at every scale.
      const [at, then] = [path[17], path[18]].map(one => map.latLngToLayerPoint(one))
      const along = then.subtract(at)
      const length = Math.hypot(along.x, along.y) || 1
      const ahead = along.divideBy(length)
      const aside = L.point(-ahead.y, ahead.x)
      const size = 6 + weight
      const corners = [at.add(ahead.multiplyBy(size)), at.add(aside.multiplyBy(size * 0.6)), at.subtract(aside.multiplyBy(size * 0.6))]
      L.polygon(corners.map(one => map.layerPointToLatLng(one)), { color: colour('--sea'), fillColor: colour('--sea'), fillOpacity: 1, weight: 1 })
        .on('click', choose).addTo(ways)
    }
  }

  function sign (at, marks) {
    const seizure = marks.some(mark => mark.group === 'seizure')
    const one = marks.length === 1 ? marks[0] : null
    const kind = one ? `${one.group}${one.exactness === 'country' ? ' country' : ''}` : `many${seizure ? ' seizure' : ''}`
    const same = marks.every(mark => mark.at[0] === marks[0].at[0] && mark.at[1] === marks[0].at[1])
    const said = one
      ? [`${one.word}: ${one.label || words.not_known}`, one.when, one.grade, one.exactness === 'country' ? words.country : ''].filter(Boolean).join(', ')
      : say(same ? words.things : words.near, { n: number(marks.length) })
    const inner = h('span', {}, one ? { seizure: '×', event: '◇' }[one.group] ?? '' : number(marks.length))
    const marker = L.marker(at, { icon: L.divIcon({ className: `map-sign ${kind}`, html: inner, iconSize: one ? [24, 24] : [30, 30] }), keyboard: true, riseOnHover: true })
    marker.bindTooltip(said)
    marker.on('add', () => {
      const element = marker.getElement()
      element.setAttribute('role', one ? 'link' : 'button')
      element.setAttribute('aria-label', said)
      element.addEventListener('keydown', event => {
        if (event.key !== 'Enter' && event.key !== ' ') return
        event.preventDefault()
        event.stopPropagation()
        marker.fire('click')
        if (!one) chosen.querySelector('a')?.focus()
      })
    })
    marker.on('click', () => {
      if (one) { location.assign(one.address); return }
      tell(h('h2', {}, said), listed(marks))
      if (!same && map.getZoom() < map.getMaxZoom()) map.fitBounds(L.latLngBounds(marks.map(mark => mark.at)).pad(0.3), { maxZoom: map.getZoom() + 3 })
    })
    return marker
  }

  function drawSigns () {
    const held = document.activeElement?.classList.contains('map-sign')
    signs.clearLayers()
    const level = content.levels[Math.round(map.getZoom())] ?? []
    const seen = map.getBounds().pad(0.2)
    for (const [latitude, longitude, members] of level) {
      if (!seen.contains([latitude, longitude])) continue
      const marks = members.map(place => content.marks[place]).filter(mark => mark.group === 'place' || shows(mark))
      if (marks.length) sign([latitude, longitude], marks).addTo(signs)
    }
    if (held && !chosen.contains(document.activeElement)) canvas.focus()
  }

  function drawAll () { land(); drawWays(); drawSigns() }

  map.on('zoomend', drawWays)
  map.on('zoomend moveend', drawSigns)
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll)
  tell(h('p', {}, words.choose))
  time(() => { drawWays(); drawSigns() })
  drawAll()
  fetch(content.outlines, { credentials: 'same-origin' }).then(answer => answer.json()).then(atlas => {
    const found = topojson.feature(atlas, atlas.objects.countries)
    outlines = { ...found, features: found.features.map(seen) }
    drawAll()
    canvas.dataset.ready = 'yes'
  }).catch(() => tell(h('p', { class: 'caution' }, words.outlines)))
}

/** Lets what came later than a day disappear from the map. @param {() => void} draw */
function time (draw) {
  const days = [...content.marks, ...content.legs.flatMap(leg => leg.moves)].map(each => day(each.begin)).filter(Number.isFinite).map(one => one / DAY)
  const [first, last] = [Math.floor(Math.min(...days)), Math.ceil(Math.max(...days))]
  if (days.length < 2 || first === last) return
  const said = document.getElementById('map-until-said')
  slider.min = String(first); slider.max = String(last); slider.value = String(last)
  document.getElementById('map-time').hidden = false
  slider.addEventListener('input', () => {
    const at = Number(slider.value)
    const whole = at >= last
    latest = whole ? Infinity : at * DAY
    const text = whole ? words.all_time : say(words.until, { day: new Intl.DateTimeFormat(document.documentElement.lang || 'en', { dateStyle: 'medium', timeZone: 'UTC' }).format(at * DAY) })
    said.textContent = text
    slider.setAttribute('aria-valuetext', text)
    draw()
  })
}

start()
