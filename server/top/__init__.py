"""`hahmo top`: what servers do now, from the numbers that each of them tells at /metrics."""
