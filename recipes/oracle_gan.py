"""Text GANs: on a language whose likelihoods are known, does an adversary make better texts than likelihood alone?

oracle ──▶ 10,000 texts ──▶ maximum likelihood · SeqGAN · RelGAN ──▶ quality against diversity over temperature

python recipes/oracle_gan.py            python recipes/oracle_gan.py --quick
"""

from __future__ import annotations

import shutil

from miaobi.engines import run as run_folder
from step import miaobi, once, options, parsed, say

METHODS = ("likelihood", "seqgan", "relgan")
SMALL = ("--vocabulary", 50, "--length", 10, "--hidden", 16, "--memory", 16, "--texts", 500, "--filters", 8)


def cook() -> None:
    """Run the recipe."""
    given = parsed(options(__doc__ or "", "oracle"))
    pace = ("--pretraining", 40, "--judging", 4, "--steps", 4, "--rollouts", 2) if given.quick else ()
    sizes = SMALL if given.quick else ()
    threads = ("--threads", max(1, int(given.threads)))
    given.out.mkdir(parents=True, exist_ok=True)

    say("The oracle is an LSTM with weights from N(0, 1); all three nets learn from the same texts that it drew.")
    for method in METHODS:
        name = f"{given.name}-{method}"
        once(name, "lab", "gan", name, "--method", method, *sizes, *pace, *threads)
        shutil.copy(run_folder.runs_folder() / name / "card.md", given.out / f"{name}-card.md")

    say("The same curve again from what was kept: a lower temperature buys quality with diversity, so look at both.")
    rows = {name: run_folder.find(f"{given.name}-{name}").record["curve"] for name in METHODS}
    lines = ["| temperature | " + " | ".join(METHODS) + " |", "|---" * (1 + len(METHODS)) + "|"]
    for points in zip(*rows.values(), strict=True):
        cells = [f"{point['nll_oracle']:.2f} / {point['nll_test']:.2f}" for point in points]
        lines.append(f"| {points[0]['temperature']:g} | {' | '.join(cells)} |")
    table = given.out / "curves.md"
    table.write_text("\n".join(["NLL_oracle / NLL_test, nats a token, lower is better in both.", "", *lines, ""]))
    print(table.read_text(), flush=True)
    miaobi("lab", "curve", f"{given.name}-relgan", "--temperatures", "1.0,0.8")


if __name__ == "__main__":
    cook()
