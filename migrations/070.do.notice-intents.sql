-- What texts are for that belong to no alert: an area that is out, a home nobody can watch, an absence that water ended.
insert into text_intent (name) values ('area_outage'), ('look_in'), ('absence_ended');
