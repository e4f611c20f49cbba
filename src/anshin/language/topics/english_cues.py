"""The cues of `cues` in English, under the same names: what one language taught, the others know."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from anshin.language.topics.patterns import AnyOf, any_of

ENGLISH: Final[Mapping[str, AnyOf]] = MappingProxyType(
    {
        "rules": any_of(r"""
(?:return|refund|exchange|cancellation|shipping|privacy)_(?:policy|policies|rules|terms|conditions|period|window)
\bterms\b before_(?:i_)?(?:buy|order|purchas) thinking_(?:of|about) considering if_it_doesn'?t \bin_case\b
"""),
        "not_here": any_of(r"""
(?:hasn'?t|haven'?t|has_not|have_not|not)_(?:\w+_){0,2}(?:arriv|turn|show|come|came)
(?:hasn'?t|haven'?t|has_not|have_not|not)_(?:\w+_){0,2}(?:here|receiv|deliver|appear|got)
(?:never|didn'?t|isn'?t|nothing)_(?:\w+_){0,2}(?:arriv|turn|show|come|came|here|receiv|deliver|appear|got)
still_(?:waiting|nothing|not|no|hasn) \bmissing_(?:parcel|package|order) whereabouts where_is where'?s \boverdue\b
(?:was|were)_(?:supposed|meant|due)_ \bstuck\b \blost\b no_sign days_late \blate\b
tracking_(?:\w+_){0,4}(?:stuck|moved|updat|chang)
"""),
        "delivered_not_here": any_of(r"""
(?:says|marked|shows?|status|claims?|tracking)_(?:\w+_){0,4}delivered delivered_(?:but|yet)
"""),
        "when_sent": any_of(r"""
when_(?:will|does|is|do|can|are)_(?:\w+_){0,4}(?:ship|sent|leave|dispatch|go_out|arriv|get) shipped_yet
(?:ship|dispatch|estimated|delivery)_date has_(?:it|my_\w+)_(?:been_)?(?:ship|sent|left|dispatch)
when_(?:you_)?(?:ship|send|dispatch)
"""),
        "order_passed": any_of(r"""
(?:do|did|have)_you_(?:got|get|have|receive)_my_order in_your_system progress_of how_far_along on_track \bqueue\b
heard_a_peep in_line\b (?:order|payment|it)_(?:\w+_){0,3}(?:go|went|gone)_through
(?:got|receive[d]?|see|have)_(?:\w+_){0,2}my_order (?:no|any|a|the|get|got)_(?:order_)?confirmation
confirm_(?:receipt|that|my_order|the_order|if) order_status status_of being_processed \bprocessing\b
(?:place|placed|made)_(?:an?|my|the)_order
"""),
        "change_to": any_of(r"""
rather_than (?:need|want|prefer)_(?:the|a)_(?:other|different)_(?:colou?r|size|one) haven?'?t_shipped
before_you_(?:ship|send) i_ordered_an_hour could_i_still_change
(?:picked|typed|chose|selected)_(?:\w+_){0,4}(?:by_mistake|wrong)
(?:change|switch|swap|update|amend|correct|move|edit|alter|fix)_(?:\w+_){0,6}(?:to|from|before|address|instead)
instead_of \badd_(?:\w+_){0,3}to_(?:my|the|this) wrong_(?:address|size|colou?r|number|street|flat|zip|postcode)
put_(?:the_)?wrong \bamend\b
"""),
        "undo": any_of(r"""
back_out call_off called_off rather_not undo_(?:it|this|the|my) withdraw pull_out drop_the_(?:other|second|order)
don'?t_(?:want|need)_(?:\w+_){0,3}any_?more before_it_ships cancel void_ call_(?:it|the_order)_off changed_my_mind
no_longer_(?:need|want) don'?t_(?:need|want)_(?:it|this|the|them)_ by_(?:mistake|accident) accidentally
don'?t_(?:ship|send) scrap_(?:it|the|my|this)
"""),
        "not_ordered": any_of(r"""
(?:ordered|bought)_nothing know_nothing_about never_(?:shopped|visited|been)_ ordering_(?:\w+_)?in_my_name
which_order\b complete_stranger (?:used|using)_my_(?:name|address) i_made_none
(?:didn'?t|never|haven'?t|did_not)_(?:\w+_){0,2}(?:order|bought|buy|purchas|request|sign)
(?:don'?t_remember|nobody|no_one|not)_(?:\w+_){0,2}(?:order|bought|buy|purchas|request|sign) not_mine isn'?t_mine
not_me\b wasn'?t_me don'?t_recogni[sz]e (?:unknown|strange|mystery)_(?:parcel|package|invoice|order|charge)
"""),
        "bill": any_of(r"""
\binvoice \bbill\b \bbilled reminder \bpayment_slip cash_on_delivery \bcod\b dunning overdue_notice collection
final_notice
"""),
        "crushed": any_of(r"""
crush dented smash shatter
(?:broken|cracked|damaged|torn|wet|soaked)_(?:\w+_){0,3}(?:box|carton|parcel|package|packag|transit|arriv)
(?:box|carton|parcel|package|packaging)_(?:\w+_){0,5}(?:broken|crack|damag|torn|wet|soaked|open|leak|crush|dent)
(?:arrived|came|bottle|glass|jar)_(?:\w+_){0,5}(?:broken|crack|damag|torn|wet|soaked|open|leak|crush|dent)
in_transit in_pieces courier_(?:dropped|damaged) bubble_wrap \bshards?\b
"""),
        "other_than_ordered": any_of(r"""
someone_else'?s somebody_else'?s stranger'?s another_customer'?s no_(?:screws|manual|cable|charger|instructions)_in
(?:wasn'?t|weren'?t|isn'?t|not)_(?:in|inside)_the_(?:box|parcel|package)
(?:asked_for|paid_for|wanted|chose)_(?:\w+_){1,6}(?:got|found|sent|came|have|is) found_its_way size_\w+_as_size
\bmixed_up\b two_left
(?:sent|got|received|came|delivered|shipped)_(?:\w+_){0,3}(?:wrong|different|instead|someone_else)
wrong_(?:item|product|thing|size|colou?r|one|model|parcel|goods|order)
(?:i|we)_ordered_(?:\w+_){0,8}(?:but|got|you_sent|came|received|and) \bmissing\b short_(?:by|delivery|of)
not_in_the_(?:box|package) only_(?:\w+_)?(?:\w+_)?(?:in_the_box|arrived|received|came) not_what_i_ordered
"""),
        "broken": any_of(r"""
no_sound crackl grinding \bnoise\b hiss cuts?_out \bbuzz \bhums?\b
(?:won'?t|doesn'?t|don'?t|can'?t)_(?:\w+_)?(?:switch|stay|stick|lock|spin)
(?:won'?t|doesn'?t|don'?t|can'?t)_(?:\w+_)?(?:move|respond|do_anything|hold_(?:a_)?charge) stops?_(?:every|after)
gives_up runs_out_of same_fault broke(?:n|_)? stopped_work
(?:doesn'?t|won'?t|not|isn'?t|don'?t|never)_(?:\w+_)?(?:work|turn_on|start|charge|power|open)
(?:doesn'?t|won'?t|not|isn'?t|don'?t|never)_(?:\w+_)?(?:close|heat|light|connect|fit_together|switch) \bfault defect
malfunction \bstain scratch \brip(?:ped)?\b \btear\b \btore\b came_(?:off|apart|loose|undone) fell_(?:off|apart)
\bdead\b \bcrack \bleak \bloose\b wobbl mou?ld(?:y)?\b peel flicker snapped seam \bunravel rust
"""),
        "picture": any_of(r"""
\bdrawing\b on_your_(?:page|site|screen) in_daylight \binternet\b took_it_to_be \bphotos? \bpictures?\b \bpics?\b
\bimage \bwebsite\b \bpage\b \blisting \bdescri(?:bed|ption) advertis \bonline\b claimed in_person in_real_life
\bshown\b
"""),
        "differs": any_of(r"""
different nothing_like not_(?:like|as|what|the_same) looks?_like \bmislead
(?:smaller|bigger|larger|thinner|darker|lighter|brighter|shorter)_than not_real doesn'?t_match
"""),
        "return": any_of(r"""
give_(?:it|them)_back post_it\b money-back_guarantee take_(?:it|them)_back \breturn(?:s|ed|ing|able)?\b
send(?:ing)?_(?:it|them|this|\w+)_back (?:send|give|take|ship)_(?:\w+_){0,3}back bring_it_back
"""),
        "exchange": any_of(r"""
exchang \bswap replace(?:ment)? trade_(?:it|them|for|this)
"""),
        "money_waited": any_of(r"""
(?:when|where|still|waiting|no|haven'?t|hasn'?t|yet)_(?:\w+_){0,6}(?:refund|money_back|my_money|credit_note|reimburse)
refund_(?:\w+_){0,5}(?:yet|still|when|where|not|status|hasn|pending|long) (?:refund|credit)_hasn
"""),
        "money_back": any_of(r"""
refund money_back reimburs my_money credited credit_note
"""),
        "pay_fails": any_of(r"""
(?:do|can)_(?:you|i)_(?:take|accept|use|pay) american_express refuses_my_card 3d_secure
(?:price|total)_(?:was|is|at|on)_ statement (?:\d|thousand|hundred)_(?:yen_)?(?:more|extra)
(?:card|payment|paypal|checkout|transaction)_(?:\w+_){0,5}(?:declin|fail|reject|error|refus)
(?:apple_pay|visa|amex|mastercard)_(?:\w+_){0,5}(?:declin|fail|reject|error|refus)
(?:card|payment|paypal|checkout|transaction)_(?:\w+_){0,5}(?:not_work|won'?t|doesn'?t|go_through|bounc)
(?:apple_pay|visa|amex|mastercard)_(?:\w+_){0,5}(?:not_work|won'?t|doesn'?t|go_through|bounc)
(?:can'?t|cannot|unable_to|couldn'?t|won'?t_let_me)_(?:pay|check_?out|complete_(?:the_)?(?:payment|order))
pay_(?:by|with|via|using) overcharg
"""),
        "twice": any_of(r"""
\btwice\b double[_-]?(?:charg|bill)? duplicate two_(?:charges|times|payments)
"""),
        "will_pay": any_of(r"""
hold_off get_paid pay_today kept_the_slip (?:bill|invoice|amount)_(?:\w+_){0,4}(?:open|unpaid|outstanding|past_due)
collection_notice settle_(?:it|the|this) (?:i'?ll|will|going_to|gonna|can)_(?:pay|transfer|settle|send_the_money)
(?:already|have|i|i'?ve|we|was)_(?:been_)?(?:paid|transferred|settled) (?:forgot|late|behind|sorry)_(?:\w+_){0,4}pay
pay_(?:you_)?(?:on|by|next|tomorrow|friday|monday|when|this) payday your_reminder more_time extension
"""),
        "receipt": any_of(r"""
\breceipts? \binvoices?\b \bvat\b tax_(?:number|id|invoice) pro_?forma made_out expense qualified_invoice
quot(?:e|ation)\b
"""),
        "password": any_of(r"""
password \breset (?:log-?in|sign-?in)_(?:code|link|email) verification_(?:code|email) two[_-]factor forgot_(?:my|the)
(?:change|update)_(?:\w+_){0,3}(?:e-?mail|phone_number|login|account|profile) passcode username
"""),
        "locked": any_of(r"""
\bbarred\b shut_out too_many_(?:attempts|tries) logged_in_as suspended on_hold erase_my_account locked? suspend
blocked \bbanned restricted deactivat frozen can'?t_(?:log|sign|get)_?in
(?:account|login)_(?:\w+_){0,4}(?:disabled|hacked|closed)
"""),
        "fake": any_of(r"""
copy_of_your (?:joke|trick)\b pretending says_he'?s_from
(?:is|are)_(?:this|that|it|these)_(?:\w+_){0,2}from_(?:u|you) taken_in \bcrook bitcoin bank_details in_your_name
\bscam phish \bfake fraud suspicious \bspoof legit genuine impersonat really_(?:you|from_you)
(?:is|was)_(?:this|that|it)_(?:really_)?(?:you|real|from_you) claim(?:s|ing)_to_be pretend text_(?:message|saying)
sms dodgy
"""),
        "can_it": any_of(r"""
can_i_use_it \bhalal \bkosher gelatin (?:the|its)_(?:weight|size)_and how_(?:long|much)_does
(?:will|would|does|do)_(?:it|this|they|the_\w+)_(?:last|hold|keep|fit|suit|run|take) 220_?v instructions_in
\bmake_no_ come_with
(?:does|do|is|are|can|will|would)_(?:it|they|this|these|the)_(?:\w+_){0,5}(?:fit|work|wash|machine)
(?:does|do|is|are|can|will|would)_(?:it|they|this|these|the)_(?:\w+_){0,5}(?:dishwash|contain|suit)
(?:does|do|is|are|can|will|would)_(?:it|they|this|these|the)_(?:\w+_){0,5}(?:compatib|safe|made)
(?:does|do|is|are|can|will|would)_(?:it|they|this|these|the)_(?:\w+_){0,5}(?:come_with|support|waterproof)
what_(?:size|material|is_it_made|are_the|voltage|kind)
how_(?:big|long|heavy|tall|wide|many|much_does_it|do_i_(?:use|clean|wash)) ingredient dimension \bmaterial \ballerg
shelf_life expiry \bvegan voltage
"""),
        "stock": any_of(r"""
how_many_(?:are_left|do_you_have) supply_that_many (?:need|like|buy|got|have)_(?:\d+|six|eight|ten|twelve|a_dozen)_
gone_for_good (?:made|back)_again be_ordered_in disappeared_from_the_shop \bstock(?:ed|s)?\b restock sold_out
available\b availability pre-?order (?:back|come)_in\b (?:hold|reserve|set_aside|put_aside)_ discontinued
waiting_list
"""),
        "regular": any_of(r"""
subscri monthly every_(?:month|two|three|four|six|other|\d|second|week) next_(?:box|delivery|shipment) recurring
standing_order auto-?(?:renew|ship) \bplan\b membership
"""),
        "stop": any_of(r"""
(?:bring|brought)_(?:\w+_){0,3}to_an_end (?:no_more|enough)_(?:boxes|parcels|please)
stop_(?:monthly|the_monthly|sending|my_monthly) (?:trial|renew|renewal)\b let_me_out go_back_to_my_country
make_sure_(?:that_)?mine_doesn'?t unsubscribe
(?:end|stop|terminate)_(?:my|the|this|our|sending)_(?:\w+_){0,2}(?:subscription|membership|plan|box)
(?:quit|close|cancel)_(?:my|the|this|our|sending)_(?:\w+_){0,2}(?:subscription|membership|plan|box)
(?:end|stop|terminate|quit|close|cancel)_(?:my|the|this|our|sending)_(?:\w+_){0,2}(?:account|order|deliver)
(?:end|stop|terminate|quit)_(?:my|the|our|it)
don'?t_(?:want|need)_(?:any|it|the)_?(?:\w+_){0,3}(?:more|anymore|any_longer)
"""),
        "skip": any_of(r"""
miss_the_\w+_delivery how_often change_how_often \bskip pause on_hold postpone push_back
every_(?:two|three|four|six|other|second|\d) less_often more_often (?:bi-?monthly|quarterly|fortnight)
"""),
        "person": any_of(r"""
(?:her|his|their|someone'?s|another_customer'?s)_(?:address|phone|number|name|invoice|packing_slip) my_surname
take_it_down (?:data|account)_(?:\w+_)?(?:erased|deleted|removed) warrant tax_office client \bcounsel\b fraud_squad
records_of personal_(?:data|information|details) \bgdpr\b privacy \bdelete_(?:my|all|everything)
(?:erase|remove)_(?:my|all|me|him|her) \bleak(?:ed)?_(?:my|data|address) third_part behalf
my_(?:husband|wife|son|daughter|mother|father|ex)'?s_(?:order|account|details|address|purchase) police officer
attorney lawyer investigat (?:my|our)_(?:address|data|details)_(?:\w+_){0,4}(?:shar|sold|sell|pass|hold|kept|give)
"""),
        "campaign": any_of(r"""
coupon voucher \bpoints\b promo(?:tion)? discount_code giveaway contest raffle \bprize \bwinner instagram insta\b
twitter facebook tiktok hashtag newsletter \bfollow(?:ed|er|ing)?\b influencer campaign competition
\bcode_(?:doesn|isn|not|won|says|expired) referral
"""),
        "abroad": any_of(r"""
\b(?:taiwan|china|korea|canada|australia|germany|france|spain)\b
\b(?:italy|mexico|brazil|britain|england|europe|singapore|thailand)\b
\b(?:vietnam|hawaii|switzerland|america|texas|california|hong_kong|new_zealand)\b
\b(?:ireland|norway|sweden|india|malaysia|philippines|indonesia)\b united_(?:kingdom|states) royal_mail \busps\b
my_country international overseas abroad customs \bduty\b \bduties import
(?:ship|send|deliver|post)_(?:\w+_){0,3}to_(?!me\b|my|us\b|the|a\b|this|our|work|another|an\b)[a-z]+ \bems\b
forward(?:er|ing_(?:service|address)) outside_(?:of_)?japan airmail freight
"""),
        "how_delivered": any_of(r"""
\bpostage\b shipping_(?:rates?|prices?) (?:sent|delivered|shipped|dropped)_(?:to|at|off|by)_the left_(?:with|at|by)
set_another_date another_(?:date|day|time) (?:a_)?few_days_later which_(?:courier|carrier) 7-eleven
counter_downstairs collect_it (?:delivery|time)_(?:slot|window|time|date|day|option|method)
leave_(?:it|the_(?:parcel|package|box))_(?:\w+_)?(?:at|by|with|in|outside|on) redeliver locker
(?:shipping|delivery|postage)_(?:cost|fee|charge|free) free_(?:shipping|delivery) pick_?(?:it_)?up konbini
convenience_store courier carrier (?:weekend|evening|morning|saturday)_deliver next-?day express doorbell at_home
concierge combine
"""),
        "sales": any_of(r"""
donate sales_rep wholesale bulk_(?:order|discount) opening_hours what_time_do_you_(?:open|close) make_money resume\b
cover_letter part-?time partner(?:ship)? collaborat our_(?:company|service|agency|platform|product) journalist
interview article \bhiring \bvacanc job resell distribut supplier proposal \bseo\b
"""),
        "thanks": any_of(r"""
thank_you_(?:so|for|to|very|all) thanks_(?:so|for|to|again) \blove(?:d|ly)? \bdelighted happy_with wonderful
brilliant fantastic \bgrateful kudos \bperfect
"""),
        "address": any_of(r"""
address recipient moving_house moved_house postcode zip_code \bstreet\b \bflat\b
"""),
        "kind_of_it": any_of(r"""
\bsizes? colou?r \bshade \bmodel
"""),
        "account": any_of(r"""
\baccount log-?_?in\b sign-?_?in\b \bmember \bprofile
"""),
        "part": any_of(r"""
\bscrew \bmanual \baccessor \bparts?\b \bcable \bcharger
"""),
        "news": any_of(r"""
newsletter mailing_list promotional \bcatalog
"""),
        "charge": any_of(r"""
\bcharged \bfees?\b \bamount \bprice cost_more
"""),
        "means": any_of(r"""
\bcard\b bank_transfer paypal instal
"""),
        "hand_over": any_of(r"""
neighbou?r concierge doorstep at_the_door
"""),
        "family": any_of(r"""
husband \bwife mother father \bson\b daughter \bmum\b \bmom\b \bdad\b
"""),
        "food": any_of(r"""
\btaste \beat \bfood \bdrink
"""),
        "trade": any_of(r"""
our_company accounts_department purchase_order our_(?:client|customer|warehouse)
"""),
        "asks_how": any_of(r"""
how_(?:do|can|to|should) what_(?:do|must|should)_i
"""),
        "asks_when": any_of(r"""
\bwhen_ how_long
"""),
        "asks_leave": any_of(r"""
can_i may_i could_i is_it_possible would_it_be_possible
"""),
        "has_it": any_of(r"""
arrived received opened_the inside_the_(?:box|parcel)
"""),
        "asks": any_of(r"""
[?]$ could_you can_you please_(?:tell|let|advise|confirm|explain) wondering i'?d_like_to_know \badvise\b
"""),
    }
)
