-- Any under the organisation.
org != 0
