import numpy as np

tokens = ["the", "cat", "sat", "down"]

# Four tokens, three numbers each: what a token asks for, what it offers, and what it hands over.
Q = np.array([[0.2, 1.1, -0.4], [1.3, -0.2, 0.6], [0.9, 1.4, 0.1], [-0.3, 0.8, 1.6]])
K = np.array([[0.5, -0.7, 0.3], [1.2, 0.9, -0.1], [-0.4, 0.6, 1.5], [0.1, -0.2, 0.8]])
V = np.array([[1.0, 0.0, 0.0], [0.0, 2.0, 0.0], [0.0, 0.0, 3.0], [0.5, 0.5, 0.5]])

weights = np.exp(Q @ K.T / np.sqrt(3))
weights /= weights.sum(axis=1, keepdims=True)
print(weights @ V)
