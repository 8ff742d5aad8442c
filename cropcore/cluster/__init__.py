"""Batches on several machines: photos and crops on shared disks or in object stores."""
