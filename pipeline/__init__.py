"""Documents in, audited facts out. Knows nothing of Streamlit; imports nothing heavy by itself."""
