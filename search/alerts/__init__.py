"""Alerts: what saved searches find from now on, mailed at once, daily or weekly, with the reasons."""
