-- A step may ask by a call as well as by a text, or by a call alone; what asks for nothing is never spoken. Runs on PostgreSQL 15 to 18.

alter table outbox
  drop constraint outbox_channel_check,
  add constraint outbox_channel_check check (channel in ('sms', 'voice')),
  add constraint outbox_spoken_check
    check (channel = 'sms' or intent in ('check_request', 'check_again', 'emergency'));
comment on column outbox.channel is 'How its reader is to be asked: by a text or by a call. A call that no gateway can make leaves as a text.';
