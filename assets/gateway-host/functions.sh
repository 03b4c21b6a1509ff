# units NAMES...: starts what the files of these units say, now and at each boot
units() {
  systemctl daemon-reload
  systemctl enable "$@"
  systemctl restart "$@"
}
