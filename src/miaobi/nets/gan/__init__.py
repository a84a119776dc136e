"""Text GANs: generators, discriminators and losses of SeqGAN and RelGAN, and the synthetic oracle that judges them."""
