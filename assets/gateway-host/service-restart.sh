
# Tasks that ECS started before their image was there have failed, and it may have left the revision that they are of. What
# fails here is tried again in a minute; a service that comes later finds the image.
if ! service=$(aws ecs describe-services --cluster "$CLUSTER_NAME" --services "$SERVICE_NAME" \
  --query "services[?status=='ACTIVE'].taskDefinition" --output text 2>&1); then
  [[ $service == *ClusterNotFoundException* ]] || fail "$service"
  service=
fi
if [ -n "$service" ]; then
  family=${service##*/}
  family=${family%:*}
  aws ecs update-service --cluster "$CLUSTER_NAME" --service "$SERVICE_NAME" --task-definition "$family" \
    --force-new-deployment >/dev/null
  echo "$SERVICE_NAME starts anew from the newest revision of $family"
fi
rm "${redeploy:?}" # image-build.sh, which this follows, names it
