"""What :mod:`rdpwhy.ray` is made of: finding cases, diagnosing them in processes of their own, and keeping the results."""
