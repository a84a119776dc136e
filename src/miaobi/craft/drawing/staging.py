"""Staging: where the subjects of a scene stand. By the stage's rules: one chief subject on a point of the
composition,
the others about it by their real sizes, damped (a cat beside a lighthouse must still be seen), what is large behind,
nobody on top of anybody, everything inside the frame."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from miaobi.craft.drawing.body import Body, Member, Unit, bodies, grips
from miaobi.craft.drawing.camera import narrowed
from miaobi.craft.drawing.footing import (
    MARGIN,
    TABLE,
    aim_of,
    foot,
    foot_indoors,
    is_firm,
    is_still_life,
    lies_on_table,
    of_copy,
    reach_of,
    size_of,
    table_middle,
    uncovered,
)
from miaobi.craft.drawing.nearness import near_of
from miaobi.craft.drawing.scene import Placed, Scene
from miaobi.craft.drawing.subjects.subject import CRITTERS, FIGURES, MOTORS, Subject, subjects
from miaobi.craft.drawing.words.acts import Act
from miaobi.craft.drawing.words.reading import Asked

_RANK = {
    "person": 5,
    "couple": 5,
    "rider": 5,
    "beast": 4,
    "standing": 4,
    "swimming": 4,
    "fish": 4,
    "dragon": 6,
    "lighthouse": 4.2,
}

_TURNS = (
    *("person", "beast", "standing", "swimming", "fish", "flying", "flock", "rider", "rowing_boat", "dragon"),
    *("cart", "train", *MOTORS, "aeroplane", "helicopter", "bicycle", "sled", *CRITTERS),
)
_DOING = {"face": "look", "feed": "feed", "climb": "climb", "push": "push", "pull": "pull", "chase": "run"}
_SEATS = ("chair", "bench")  # what turns with who sits on it
_SMALL = 0.5  # metres
_LARGE = 2.0  # metres: such an animal leads a smaller one, which is drawn small beside it
_AFAR = 3.0  # metres: for what is larger one shades one's eyes
_TALLEST = {"wide": 0.8, "close": 0.86, "low": 0.82, "high": 0.5, "far": 0.4}  # a body with all whom it bears
_IN_HAND = 0.42  # of a person's height: what stands beside people is no larger

Box = tuple[float, float, float, float]


def chief_of(asked: Sequence[tuple[str, int]], ground: str) -> str:
    """Return the id of the chief subject: who acts before what stands, the first of equals; in a room
    where nobody is, a thing."""
    table = subjects()
    still = ground == "interior" and not any(table[name].generator in FIGURES for name, _ in asked)

    def rank(i: int) -> float:
        subject = table[asked[i][0]]
        value = _RANK.get(subject.generator, 3.0) + 0.8 * (subject.generator == "beast" and subject.metres > _LARGE)
        if subject.stand in ("far", "hang"):
            value = 1.5
        if ground == "interior":
            value = value if subject.generator in FIGURES else value - 2
            if subject.stand == "thing":
                value = 5.5 if still else 3.4
        elif subject.stand == "thing":
            value = 3.4
        return value - 0.3 * i

    return asked[max(range(len(asked)), key=rank)][0]


def stage(
    rng: np.random.Generator,
    scene: Scene,
    asked: Asked,
    *,
    room: float = 0.0,
    standing: Sequence[Placed] = (),
) -> tuple[Placed, ...]:
    """Return every asked subject in its place: those *standing* there already, then the others about them.

    *room*: share of the height kept free at the top, for a title.
    """
    if not asked.subjects:
        return tuple(standing)
    names = [name for name, _ in asked.subjects]
    leader = next((p.id for p in standing if p.chief), "")
    chief = leader or chief_of(asked.subjects, scene.ground)
    there = Counter(p.id for p in standing)

    def copies(name: str, count: int) -> range:
        first = there[name] if leader or name != chief else 0  # the chief's place is free where it isn't standing
        return range(first, first + count - there[name])

    handed = {act.whom for act in asked.acts if grips(act.who, act.how, act.whom)}  # one is in hand: so many are seen
    wanted = [(name, 1 if name in handed and subjects()[name].metres < _SMALL else n) for name, n in asked.subjects]
    units = [(name, i) for name, count in wanted for i in copies(name, count)]
    units.sort(key=lambda u: (u[0] != chief, u[1], names.index(u[0])))
    gestures = dict(asked.gestures) or ({} if asked.acts else dict.fromkeys(names, asked.pose))
    acts = [act for act in asked.acts if not (scene.view == "close" and _hides(act))]
    for act in acts:
        if act.how == "chase":
            gestures = {act.who: "run", act.whom: "run"} | gestures
    fixed = {_unit_of(i, standing, chief if not leader else ""): place for i, place in enumerate(standing)}
    fitting = {name: _fitting(name, pose) for name, pose in gestures.items()}
    grouped, loose = bodies([*fixed, *units], acts, fitting)
    grouped.sort(key=lambda body: not any(m.id == chief and not m.copy for m in body.members))
    kept = {p.id for p in standing}
    alone = [body.root.id for body in grouped]
    floor = _Floor(rng, scene, chief, room, still=is_still_life(alone))
    if scene.ground == "interior" and not floor.still and any(lies_on_table(subjects()[name]) for name in alone):
        middle = table_middle(scene, subjects()[chief].stand == "thing")
        floor.laid = [(middle - 0.13, TABLE[0] - 0.15, middle + 0.13, TABLE[1])]
    for place in standing:
        floor.note(place if place.of in kept else place.model_copy(update={"borne": ""}))
    for body in grouped:
        bearer = fixed.get((body.root.id, body.root.copy))
        fresh = [m for m in body.members if (m.id, m.copy) not in fixed]
        if bearer is None:
            floor.put(Body(fresh), loose)
        else:
            floor.bear(bearer, fresh)
    return uncovered(floor.placed, scene) if not standing else tuple(floor.placed)


def _unit_of(number: int, standing: Sequence[Placed], free: str) -> Unit:
    """Return which of its kind a kept place is; the first of *free* is staged anew."""
    name = standing[number].id
    return name, sum(p.id == name for p in standing[:number]) + (name == free)


def _hides(act: Act) -> bool:
    """Tell whether who is in high grass would hardly be seen from near."""
    return act.how == "in" and subjects()[act.whom].generator == "reeds"


def _fitting(name: str, pose: str) -> str:
    """Return a gesture as far as the subject has it."""
    generator = subjects()[name].generator
    if generator == "beast":
        return pose if pose in ("walk", "run", "graze", "sit", "sleep", "lie") else ""
    if generator != "person" or pose in ("graze", "fly", "swim"):
        return ""
    return "stand" if pose == "row" else pose  # without a boat


class _Floor:
    """The stage as it fills: what stands where, and the room that each takes."""

    def __init__(self, rng: np.random.Generator, scene: Scene, chief: str, room: float, *, still: bool) -> None:
        self.rng, self.scene, self.room, self.chief = rng, scene, room, chief
        self.placed: list[Placed] = []
        self.boxes: list[Box] = []  # of the bodies
        self.heads: list[int] = []  # by body, the number of its first place
        self.tall = scene.height / scene.width  # widths are shares of the width
        self.kept = 0  # how many stood there before
        self.still = still  # everything lies on a table
        self.laid: list[Box] = []  # the table's top where something lies on it: nobody stands before that

    def note(self, place: Placed) -> None:
        """Take in what stands already."""
        self.kept += 1
        self.heads.append(len(self.placed))
        self.placed.append(place)
        self.boxes.append(_box(place, subjects()[place.id].wide * self.tall))

    def bear(self, place: Placed, members: Sequence[Member]) -> None:
        """Let what stands already bear *members*."""
        for m in members:
            self.placed.append(self._placed(m, place.x, place.y, place.size, place.flip, None))

    def put(self, body: Body, loose: Sequence[Act]) -> None:
        """Find the place of a body, beside whomever it is tied to."""
        scene, root = self.scene, body.root
        subject = subjects()[root.id]
        leads = any(m.id == self.chief and not m.copy for m in body.members)
        size = self._size(body, leads)
        tie, other = self._tie(body, loose)
        near = near_of(tie, other, self.placed, self.boxes, self.heads) if tie and other is not None else None
        left, _, right, top = body.extent()
        if near is not None:
            size = near.fitted(size, top)
        y = foot(self.rng, subject, scene, size, leads, root.copy, self.room)
        if scene.ground == "interior" and subject.stand not in ("hang", "far", "sky"):
            y = foot_indoors(self.rng, subject, root.copy, self.still)
        elif near is not None and near.foot is not None and is_firm(subject):
            y = near.foot
        if subject.stand not in ("sky", "hang", "under"):
            size = min(size, max(0.04, (y - self.room - MARGIN) / top))
        wide = size * (right - left) * self.tall
        if wide > 0.94 - 2 * MARGIN and subject.stand not in ("far", "bridge"):
            size *= (0.94 - 2 * MARGIN) / wide
            wide = size * (right - left) * self.tall
        aim = aim_of(scene, subject, leads, len(self.placed)) + float(self.rng.normal(0, 0.025))
        if self.kept:  # who is made anew stands elsewhere
            aim = float(self.rng.uniform(0.12, 0.88))
        if near is not None and near.how != "look":
            aim = near.across(wide)
        flip = self._flip(subject, aim)
        if leads:  # it is the chief of the body that stands on the point
            head = next(m for m in body.members if m.id == self.chief)
            aim -= (-1 if flip else 1) * size * self.tall * (head.x - (left + right) / 2)
        reach = (0.0, 1.0)
        if scene.ground == "street":
            reach = reach_of(scene, subject, y, aim)
        elif scene.ground == "interior" and y < TABLE[1] and lies_on_table(subject):
            table = table_middle(scene, subjects()[self.chief].stand == "thing")
            reach = (table - 0.16, table + 0.16)
        middle = _across(
            self.rng,
            aim,
            wide,
            y,
            size * top,
            [box for box in self.boxes if near is None or not near.over or box is not near.box]
            + (self.laid if not lies_on_table(subject) else []),
            reach,
            spread=0.08 if near is not None and near.how != "look" else 0.22,
        )
        if near is not None and near.flip(middle) is not None and subject.generator in _TURNS:
            flip = bool(near.flip(middle))
        x = middle - (-1 if flip else 1) * size * self.tall * (left + right) / 2
        self.heads.append(len(self.placed))
        self.boxes.append((middle - wide / 2, y - size * top, middle + wide / 2, y))
        for m in body.members:
            placed = self._placed(m, x, y, size, flip, tie)
            if m.borne and not 0.02 < placed.x < 0.98:  # on what runs on beyond the frame
                if m.copy:
                    continue
                placed = placed.model_copy(update={"x": float(np.clip(placed.x, 0.06, 0.94))})
            self.placed.append(placed)
        if tie is not None and other is not None and tie.who == self.placed[other].id and not self.placed[other].how:
            self.placed[other] = self.placed[other].model_copy(update={"how": tie.how, "of": tie.whom})
        if near is not None and near.turns_other:
            self._turn(near.other, middle)

    def _size(self, body: Body, leads: bool) -> float:
        """Return the size of the first of a body, in shares of the height: so that its chief is as large as alone."""
        table = subjects()
        root, first = table[body.root.id], table[self.chief]
        size = size_of(
            self.rng, root, first, self.scene, body.root.copy, leads and body.root.id == self.chief, self.room
        )
        if len(body.members) == 1:
            alike = next((p for p in self.placed if p.id == root.id and not p.borne), None)
            if body.root.copy and alike is not None and root.generator in FIGURES:
                return alike.size * of_copy(self.rng, root, self.scene, body.root.copy)
            people = [p.size for p in self.placed if table[p.id].generator in FIGURES]
            if root.stand == "thing" and people and root.metres < 1:
                size = min(size, (_IN_HAND if self.scene.ground != "interior" else 0.32) * max(people))
            return size
        best = max(body.members, key=lambda m: (m.id == self.chief, table[m.id].generator in FIGURES, m.size))
        wanted = size_of(self.rng, table[best.id], first, self.scene, best.copy, best.id == self.chief, self.room)
        own = root.share * narrowed(self.scene.width, self.scene.height) * (1 - 0.55 * self.room)
        most = 1.7 * own if self.scene.view == "wide" else 1.7 * own * max(1.0, self.scene.close)
        size = float(np.clip(wanted / best.size, 0.75 * min(size, own), most))
        return min(size, _TALLEST[self.scene.view] / body.extent()[3])

    def _tie(self, body: Body, loose: Sequence[Act]) -> tuple[Act | None, int | None]:
        """Return the act that ties a body to one that stands, and the number of that place."""
        mine = {m.id for m in body.members}
        for act in loose:
            for one, another in ((act.who, act.whom), (act.whom, act.who)):
                if one in mine and another not in mine:
                    for number, place in enumerate(self.placed):
                        if place.id == another:
                            return act, number
        return None, None

    def _flip(self, subject: Subject, x: float) -> bool:
        if subject.generator in _TURNS or subject.stand == "hang":
            return x > 0.5
        return bool(self.rng.random() < 0.5)

    def _placed(self, m: Member, x: float, y: float, size: float, flip: bool, tie: Act | None) -> Placed:
        told = tie if tie is not None and tie.who == m.id and not m.how else None
        gesture = m.pose
        if subjects()[m.id].generator == "person" and not gesture:
            gesture = _DOING.get(told.how if told else "", "stand")
            if gesture == "look" and told is not None and subjects()[told.whom].metres < _AFAR:
                gesture = "stand"
        if self.scene.ground == "interior" and not m.borne and (gesture == "sit" or gesture.startswith("sit-")):
            gesture = "seat" + gesture[3:]  # a stool is put there
        elif self.scene.ground == "interior" and not m.borne and gesture == "read":
            gesture = "seat-read"
        return Placed(
            id=m.id,
            x=x + (-1 if flip else 1) * m.x * size * self.tall,
            y=y - m.y * size,
            size=m.size * size,
            flip=flip,
            pose=gesture,
            chief=m.id == self.chief and m.copy == 0,
            how=told.how if told else m.how,
            of=told.whom if told else m.of,
            borne=m.borne,
        )

    def _turn(self, number: int, x: float) -> None:
        """Turn who stands there towards *x*, with all whom it bears."""
        place = self.placed[number]
        head = max(h for h in self.heads if h <= number)
        root = self.placed[head]
        if number < self.kept or root.flip == (root.x > x) or subjects()[place.id].generator not in _TURNS:
            return
        if subjects()[root.id].generator not in (*FIGURES, "beast") and root.id not in _SEATS:
            return
        last = next((h for h in self.heads if h > head), len(self.placed))
        for i in range(head, last):
            one = self.placed[i]
            self.placed[i] = one.model_copy(update={"flip": not one.flip, "x": 2 * root.x - one.x})


def _across(
    rng: np.random.Generator,
    aim: float,
    wide: float,
    y: float,
    size: float,
    boxes: Sequence[Box],
    reach: tuple[float, float],
    spread: float,
) -> float:
    """Return the x nearest to *aim*, within *reach*, that covers least of what stands there."""
    low, high = max(reach[0], wide / 2 + MARGIN), min(reach[1], 1 - wide / 2 - MARGIN)
    if low >= high:
        return sum(reach) / 2
    tries = np.clip(np.concatenate([[aim], aim + rng.normal(0, spread, 40)]), low, high)

    def cost(x: float) -> float:
        box = (x - wide / 2, y - size, x + wide / 2, y)
        covered = sum(_common(box, other) / max(1e-6, min(_area(box), _area(other))) for other in boxes)
        return covered * 2.2 + abs(x - aim) + 0.05 * abs(x - 0.5)

    return float(min(tries, key=lambda x: cost(float(x))))


def _box(place: Placed, wide: float) -> Box:
    """Return the room that a subject takes; *wide*: its width by its size."""
    return (place.x - place.size * wide / 2, place.y - place.size, place.x + place.size * wide / 2, place.y)


def _over_each_other(one: Placed, other: Placed) -> bool:
    """Tell whether one of two is told to be under, behind or before the other."""
    return any(a.of == b.id and a.how in ("under", "behind", "before", "in") for a, b in ((one, other), (other, one)))


def _area(box: Box) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def _common(a: Box, b: Box) -> float:
    return _area((max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])))


def composition_score(scene: Scene) -> float:
    """Return how well the placing keeps the composer's rules, 0–1: chief subject near a power point, weight balanced
    about
    the middle, little overlap, unequal sizes, margins kept."""
    if not scene.subjects:
        return 0.5
    table, tall = subjects(), scene.height / scene.width
    free = [p for p in scene.subjects if not p.borne]
    boxes = [_box(p, table[p.id].wide * tall) for p in free]
    chief = next((p for p in scene.subjects if p.chief), scene.subjects[0])
    middle = chief.y - chief.size / 2
    points = (1 / 3, 2 / 3) if scene.composition != "symmetry" else (0.5,)
    near = max(0.0, 1 - 3.2 * min(abs(chief.x - p) for p in points))
    level = max(0.0, 1 - 2.4 * min(abs(middle - p) for p in (1 / 3, 0.5, 2 / 3)))
    weights = np.array([max(1e-4, _area(b)) for b in boxes])
    centre = float((weights * [(b[0] + b[2]) / 2 for b in boxes]).sum() / weights.sum())
    balance = max(0.0, 1 - 2.2 * max(0.0, abs(centre - 0.5) - 0.16))
    overlap = sum(
        _common(a, b) / min(_area(a), _area(b))
        for i, a in enumerate(boxes)
        for k, b in enumerate(boxes[:i])
        if min(_area(a), _area(b)) > 1e-6 and not _over_each_other(free[i], free[k])
    )
    clear = 1 / (1 + 1.6 * overlap)
    inside = float(np.mean([b[0] >= -0.005 and b[2] <= 1.005 and b[1] >= -0.005 and b[3] <= 1.005 for b in boxes]))
    standing = float(
        np.mean(
            [
                p.y >= scene.horizon - 0.02
                or table[p.id].stand in ("sky", "hang", "under")
                or scene.ground in ("sky", "space")
                for p in scene.subjects
            ]
        )
    )
    return 0.24 * near + 0.10 * level + 0.18 * balance + 0.22 * clear + 0.14 * inside + 0.12 * standing
