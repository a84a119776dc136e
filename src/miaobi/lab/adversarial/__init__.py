"""Adversarial training of text generators on the synthetic oracle, beside plain maximum likelihood."""

from miaobi.lab.adversarial.curve import Point, curve
from miaobi.lab.adversarial.training import Settings, likelihood, relgan, seqgan

__all__ = ["Point", "Settings", "curve", "likelihood", "relgan", "seqgan"]
