"""The offline bundle: everything that a clerk's computer needs beside Python, and an icon to drop reports on."""
