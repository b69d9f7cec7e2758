"""Result tables of activation regions."""
