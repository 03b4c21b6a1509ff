
complete() {
  step 'access to the buckets'
  retry runuser -u ec2-user -- /home/ec2-user/test_s3_access.py
  report 0
  date -u +%FT%TZ >/var/log/user-data-complete
}
